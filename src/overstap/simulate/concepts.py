"""The concepts that simulated ads ask, with the simulator's own ids.

The generator shares no word list with the extractor. Its concepts carry `sim.*` ids; which skill of a taxonomy a
concept stands for is settled in the tests, by hand, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass

DIGITAL = (
    "basic_computer",
    "resource_management_software",
    "programming",
    "database",
    "web_development",
    "computer_aided_design",
    "big_data_analytics",
    "digital_transformation",
    "server_network",
    "industrial_automation",
    "online_marketing",
)
OTHER = (
    "communication",
    "planning_organisation",
    "self_starter",
    "collaboration",
    "leadership",
    "flexibility",
    "problem_solving",
    "service_orientation",
    "creativity",
    "computational_thinking",
)
CATEGORIES = (*DIGITAL, *OTHER, "professional", "language")


@dataclass(frozen=True)
class Concept:
    """One askable thing: its id, its category, its weight within the category, and what it means in English."""

    id: str
    category: str
    weight: float
    description: str


_TABLE = """
basic_computer
excel 5 Microsoft Excel, spreadsheets
word 4 Microsoft Word, word processing
powerpoint 1.5 Microsoft PowerPoint, slides
outlook 1.5 Microsoft Outlook, e-mail and calendar
ms_office 4 The Microsoft Office package as a whole
general_computer 3 General computer skills, handy with a computer
windows_use 1 Working with the Windows desktop
touch_typing 0.6 Touch typing
resource_management_software
sap 3 SAP software
erp 2.5 ERP software in general
crm 2 CRM software in general
salesforce 0.8 Salesforce
dynamics 1 Microsoft Dynamics (AX, NAV)
exact 1.2 Exact bookkeeping software
afas 1 AFAS software
servicenow 0.5 ServiceNow, ticket handling software
programming
python 2 Python
java 3 Java
csharp 2.5 C# and .NET
cpp 1.8 C++
php 1.6 PHP
r_language 0.7 R, the statistical language
matlab 1 MATLAB
scala 0.5 Scala
vba 0.7 VBA macros
git 1 Git, version control
test_automation 1 Automation of software tests
software_design 1.5 Designing and developing software in general
database
sql 4 SQL
oracle_db 1.5 Oracle databases
mysql 1.2 MySQL
sql_server 1.5 Microsoft SQL Server
ms_access 0.8 Microsoft Access
mongodb 0.6 MongoDB
database_general 3 Databases: managing, designing, querying
web_development
html 2 HTML
css 1.6 CSS
javascript 2.5 JavaScript
angular 1 Angular
nodejs 0.7 Node.js
wordpress 0.8 WordPress
web_design 1 Building and designing web sites
computer_aided_design
autocad 3 AutoCAD
solidworks 2 SolidWorks
revit 1 Revit
inventor 1 Autodesk Inventor
cad_general 2 Computer-aided design in general
bim 0.7 Building information modelling
big_data_analytics
data_analysis 3 Data analysis
big_data 1.5 Big data
hadoop 0.8 Hadoop
spark 0.6 Apache Spark
power_bi 0.8 Power BI
tableau 0.7 Tableau
data_mining 0.8 Data mining
sas 0.5 SAS statistical software
digital_transformation
ai 1.2 Artificial intelligence
machine_learning 1.2 Machine learning
iot 1 Internet of things
cybersecurity 1.5 Cybersecurity
robotics 0.9 Robotics
blockchain 0.5 Blockchain
cloud 1.8 Cloud computing
aws 0.9 Amazon Web Services
azure 1 Microsoft Azure
printing_3d 0.4 3D printing
server_network
linux 2.2 Linux
server_admin 2 Managing servers
windows_server 1.2 Windows Server
networking 1.8 Computer networks
vmware 1 VMware
docker 0.8 Docker
kubernetes 0.4 Kubernetes
cisco 0.9 Cisco network equipment
active_directory 0.7 Active Directory
itil 1 ITIL
industrial_automation
plc 2.5 PLC programming
scada 1.6 SCADA
cnc 1.8 CNC machining
dcs 0.8 Distributed control systems in process industry
labview 0.5 LabVIEW
online_marketing
online_marketing 2 Online marketing in general
seo 1.4 Search engine optimisation
google_analytics 1.2 Google Analytics
social_media 1.8 Social media marketing
email_marketing 0.7 E-mail marketing
communication
communication 5 Communication skills, spoken and written
presenting 1 Presenting
listening 0.8 Listening
negotiating 0.8 Negotiating
persuading 0.8 Persuading
planning_organisation
planning 3 Planning and organising
agile 0.6 Agile working
scrum 0.7 Scrum
prioritising 1.2 Setting priorities
accuracy 2 Working accurately
self_starter
initiative 2 Taking initiative
independence 3 Working independently
entrepreneurial 0.9 Entrepreneurial attitude
drive 1.2 Drive for results
collaboration
teamwork 4 Working in a team
building_networks 0.8 Building a network of contacts
multidisciplinary 0.9 Working with other disciplines
leadership
leading 2 Leading people
coaching 1.5 Coaching colleagues
flexibility
flexible 2.5 Flexible attitude
stress_resistance 1.5 Resistance to stress
problem_solving
problem_solving 2 Problem solving
analytical 2.2 Analytical thinking
service_orientation
customer_focus 2.5 Customer orientation
empathy 1.2 Empathy
creativity
creative 1.6 Creativity
innovative 1 Innovative attitude
computational_thinking
logical_thinking 1.2 Logical reasoning
numeracy 1 Feeling for figures
professional
nursing_care 1 Nursing care of patients
wound_care 1 Wound care
medication 1 Giving medication
welding 1 Welding
electrical_installation 1 Electrical installation work
forklift 1 Driving a forklift truck
lorry_driving 1 Driving a lorry
bookkeeping 1 Keeping the books
financial_reporting 1 Financial reporting
chemical_analysis 1 Chemical analysis in the laboratory
gmp 1 Good manufacturing practice
quality_systems 1 Quality management systems such as ISO 9001
maintenance 1 Technical maintenance and fault finding
machine_operation 1 Operating production machines
reading_drawings 1 Reading technical drawings
sales 1 Selling and winning new customers
account_management 1 Account management
recruitment 1 Recruiting and selecting people
teaching 1 Teaching
legal_advice 1 Giving legal advice
cooking 1 Cooking
cleaning 1 Cleaning
procurement 1 Procurement
order_picking 1 Order picking
project_management 1 Managing projects
telephone_handling 1 Handling telephone calls
minute_taking 1 Taking minutes of meetings
budgeting 1 Drawing up and watching a budget
language
english 6 English
german 2 German
dutch 4 Dutch
french 0.8 French
"""


def _parse(table: str) -> tuple[Concept, ...]:
    out: list[Concept] = []
    category = ""
    for line in table.strip().splitlines():
        if " " not in line:
            category = line
            continue
        name, weight, description = line.split(" ", 2)
        out.append(Concept(f"sim.{name}", category, float(weight), description))
    return tuple(out)


CONCEPTS: tuple[Concept, ...] = _parse(_TABLE)
"""Every concept, in the order of the columns of all internal matrices."""

INDEX: dict[str, int] = {c.id: i for i, c in enumerate(CONCEPTS)}
"""Position of a concept id in `CONCEPTS`."""


def columns(*categories: str) -> list[int]:
    """Positions of the concepts of these categories, in order."""
    return [i for i, c in enumerate(CONCEPTS) if c.category in categories]
